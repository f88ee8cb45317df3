// Package platform is what is around us: the environment and the log. What belongs to one kind of surroundings alone is in
// a folder of its own: package lambda knows the events of AWS Lambda.
//
// It is the only package besides the tools of tests that reads the environment.
package platform
