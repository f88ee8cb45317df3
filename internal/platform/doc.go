// Package platform has the settings, which it reads from environment variables, and the log. Its folder lambda knows the
// events of AWS Lambda. Start reading at settings.go.
//
// Except for test tools it is the only package that may read the environment. It must not know use cases.
package platform
