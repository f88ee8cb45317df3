// Package activity is who was active on which days of a month, and on which day last: the sets of people of its days, put
// together so that a year is read at once. It knows people by their ids only, and nothing that the sets do not tell; where
// it is kept, and how a reader knows that it still holds, is the store's. Start reading at Month.
package activity
