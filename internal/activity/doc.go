// Package activity keeps who was active on which days of a month, and who was active last on which day. It joins the sets of
// people of the month's days, so that a year is twelve values instead of 366. It knows people by their ids only. It does not
// know where a month is stored, nor whether a stored month is still up to date: package store does. Start reading at Month.
package activity
