// Package calendar has days and ranges of days in UTC, and the limit on the instants of schedules. GitHub closes its reports
// at midnight UTC, so every day in this project is a UTC day. The package must not read a clock: callers pass the instant.
// Start reading at Date.
package calendar
