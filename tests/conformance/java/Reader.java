import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints every record that a topic holds, one JSON object a line. */
class Reader {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] words) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", words[0]);
        var text = new StringDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, text, text)) {
            var places = consumer.partitionsFor(words[1]).stream()
                .map(place -> new TopicPartition(place.topic(), place.partition()))
                .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            var ends = consumer.endOffsets(places);
            while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    System.out.println(JSON.writeValueAsString(told(record)));
                }
            }
        }
    }

    private static Map<String, Object> told(ConsumerRecord<String, String> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value())));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("partition", record.partition());
        told.put("key", record.key());
        told.put("value", record.value());
        told.put("headers", headers);
        return told;
    }
}
