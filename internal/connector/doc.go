// Package connector is the domain at the centre of the project: whose Copilot is read (Account), with what
// (Token, Identity), on which days (Date), and what can go wrong between us and GitHub (Error).
//
// It imports the standard library only and knows nothing of HTTP, AWS or storage.
package connector
