import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Keeps the newest state of every enterprise, and says what became known. */
class Subscribe {
    record Position(long epoch, long sequence) {
        boolean after(Position other) {
            return epoch != other.epoch ? epoch > other.epoch : sequence > other.sequence;
        }
    }

    static final ObjectMapper JSON = new ObjectMapper();
    static final Map<String, JsonNode> states = new HashMap<>();
    static final Map<String, Position> positions = new HashMap<>();

    /** Reads from the beginning; remembers how far only when all that was read is kept. */
    public static void main(String[] words) throws Exception {
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", words[0],
            "group.id", words[1],
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false);
        var text = new StringDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, text, text)) {
            consumer.subscribe(List.of(words[2]));
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    hear(record);
                }
                consumer.commitSync();
            }
        }
    }

    /** Takes over a state, unless this one or a newer one of the same key was heard before. */
    static void hear(ConsumerRecord<String, String> record) throws Exception {
        var key = record.key();
        var position = new Position(
            Long.parseLong(header(record, "ce_epoch")), Long.parseLong(header(record, "ce_sequence")));
        if (positions.containsKey(key) && !position.after(positions.get(key))) {
            return;
        }
        positions.put(key, position);
        if (record.value() == null) {
            states.remove(key);
        } else {
            states.put(key, JSON.readTree(record.value()));
        }
        var type = header(record, "ce_type").split("\\.");
        var name = states.containsKey(key) ? states.get(key).path("trade_name").asText() : "gone";
        System.out.printf("%s %d.%d %s: %s%n",
            key, position.epoch(), position.sequence(), type[type.length - 2], name);
    }

    static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value());
    }
}
