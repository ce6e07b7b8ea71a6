// Reads an AsyncAPI document and tells as JSON what it holds, and what the parser finds wrong.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const wrong = diagnostics.map(({ path, message }) => `${path.join("/")}: ${message}`);
const channels = document?.allChannels().all().map((channel) => channel.address()) ?? [];
const messages = document?.allMessages().all().map((message) => message.name()) ?? [];
console.log(JSON.stringify({ wrong, channels, messages }));
