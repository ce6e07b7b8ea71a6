import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes a record for each key of its input and lets the client choose the partition. */
class Writer {
    public static void main(String[] words) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", words[0]);
        var keys = new BufferedReader(new InputStreamReader(System.in));
        var text = new StringSerializer();
        try (var producer = new KafkaProducer<>(settings, text, text)) {
            for (String key = keys.readLine(); key != null; key = keys.readLine()) {
                producer.send(new ProducerRecord<>(words[1], key, "from Java"));
            }
        }
    }
}
