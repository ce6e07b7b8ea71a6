"""Who may do what on Kafka: the services and the subscribers, with their rights and quotas."""
