// Keeps the newest state of every enterprise, and says what became known.
import { Kafka, logLevel } from "kafkajs";

const [broker, groupId, topic] = process.argv.slice(2);
const states = new Map();
const positions = new Map();

// Takes over a state, unless this one or a newer one of the same key was heard before.
function hear(key, headers, value) {
  const position = [BigInt(headers.ce_epoch.toString()), BigInt(headers.ce_sequence.toString())];
  if (positions.has(key) && !isAfter(position, positions.get(key))) return;
  positions.set(key, position);
  if (value === null) states.delete(key);
  else states.set(key, JSON.parse(value.toString()));
  const verb = headers.ce_type.toString().split(".").at(-2);
  const name = states.get(key)?.trade_name ?? "gone";
  console.log(`${key} ${position.join(".")} ${verb}: ${name}`);
}

const isAfter = ([epoch, sequence], [oldEpoch, oldSequence]) =>
  epoch > oldEpoch || (epoch === oldEpoch && sequence > oldSequence);

// Reads from the beginning; how far is remembered only after a message was kept.
const consumer = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR }).consumer({ groupId });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message: { key, headers, value } }) => hear(key.toString(), headers, value),
});
