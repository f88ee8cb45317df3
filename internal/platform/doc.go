// Package platform is what is around us: the environment, the log, and the events of a Lambda: of HTTP, of a queue, of a
// schedule.
//
// It is the only package besides the functions that knows aws-lambda-go, and the only one that reads the environment.
package platform
