// Package lambda is what is around a function on AWS Lambda: its log, and the events of HTTP, of a queue and of a schedule.
//
// It is the only package of ours that knows aws-lambda-go. A function's main calls Main.
package lambda
