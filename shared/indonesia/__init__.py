"""What the law of Indonesia numbers and names: regions, time zones, kinds of business."""
