// Package poll has the rules of a run: what it must read, when it must stop reading, and what follows from what it has read. They are
// functions of values. This package asks nobody, stores nothing and knows no clock, so that each rule is tested as a table. It must not
// know GitHub's client or the store. Start reading at Plan, Reading and Judge.
package poll
