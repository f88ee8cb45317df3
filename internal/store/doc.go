// Package store is what we remember: connectors, their days, who did what on them, seats, and who was where at work.
// There is one small Table below, which dynamo and bolt implement, and each access pattern on top of it is one
// function here. Keys are built in keys.go only.
package store
