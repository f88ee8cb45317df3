// Package fault is the one error type that crosses the project's rooms: a stable code, what was being done, the cause, and
// what a person can do. Codes and their classes stand here and nowhere else. Start reading at Code.
//
// It imports the standard library only.
package fault
