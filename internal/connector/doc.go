// Package connector is the domain at the centre of the project: a customer's account whose Copilot is read every day, how
// far that has come, what its people are told, and the tasks and events of its life. Start reading at Connector.
//
// It knows nothing of HTTP, AWS or storage.
package connector
