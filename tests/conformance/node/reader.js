// Prints the first records of a topic, one JSON object a line, and ends after as many as asked for.
import { Kafka, logLevel } from "kafkajs";

const [broker, topic, many] = process.argv.slice(2);
const text = (bytes) => bytes?.toString() ?? null;

const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `${topic}-in-node` });
let left = Number(many);

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await new Promise((done, failed) => {
  consumer.on(consumer.events.CRASH, ({ payload }) => failed(payload.error));
  consumer.run({
    eachMessage: async ({ message }) => {
      const headers = Object.entries(message.headers).map(([name, value]) => [name, text(value)]);
      const told = { key: text(message.key), value: text(message.value) };
      console.log(JSON.stringify({ ...told, headers: Object.fromEntries(headers) }));
      if (--left === 0) done();
    },
  });
});
await consumer.disconnect();
