// Package connector is the centre of the domain: a customer's account whose Copilot usage is read every day, the progress
// of that reading, the notices that people get, and the tasks that the queue carries. Start reading at Connector.
//
// It must not know HTTP, AWS or storage.
package connector
