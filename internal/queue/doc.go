// Package queue decides what is a valid task, and encodes tasks as messages. Each queue has a folder of its own: sqs for AWS,
// inprocess for the local program. Start reading at Check.
//
// Both queues accept the same tasks. A fault.Queue error means that some tasks were not queued. Sending all of them again is
// safe, because every receiver must accept a task that arrives twice. No queue sends or reads an invalid task.
package queue
