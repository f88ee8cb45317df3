// Package queue says what can be a task, and how one is written as a message. The queues themselves are in folders of
// their own: sqs for AWS, inprocess for the local program.
//
// Both queues take the same tasks. An error of fault.Queue says that some were not queued; sending all of them
// again is safe, because a task may arrive twice anyhow. What cannot be a task is neither sent nor read.
package queue
