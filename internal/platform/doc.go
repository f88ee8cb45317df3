// Package platform is what is around us: the environment, the log, and the HTTP events of a Lambda.
//
// It is the only package besides the functions that knows aws-lambda-go, and the only one that reads the environment.
package platform
