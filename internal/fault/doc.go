// Package fault has Error, the one error type that all packages return to each other: a stable code, the operation, the
// cause, and a hint for a person. It is the only place that defines codes and their classes. Start reading at Code.
//
// It imports only the standard library and must not know GitHub's answers or AWS.
package fault
