// Package calendar has days and ranges of days in UTC, and the bound on the instants of schedules. GitHub closes its reports
// at midnight UTC, so every day in this project is one. It reads no clock: whoever needs today's date hands an instant in.
package calendar
