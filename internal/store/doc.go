// Package store keeps what the connector remembers: connectors, their days, who did what on them, teams, seats and bills, and who
// holds the lease of a connector. It has one function for each access pattern, on top of a small Table that the packages dynamo
// and bolt implement. Keys are built in keys.go only. It must not decide what a value means: the domain does. Start reading at
// Table, then keys.go.
package store
