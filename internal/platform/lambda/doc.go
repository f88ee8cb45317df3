// Package lambda connects our handlers with AWS Lambda: it sets up the log, and translates the events of HTTP APIs, queues,
// schedules and calls by hand. Every function's main calls Main; start reading there.
//
// It is the only package that may import aws-lambda-go. It must not know routes or use cases.
package lambda
