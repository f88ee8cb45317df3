// Package metrics turns GitHub's Copilot usage reports into days. It decodes reports as they stream in, checks them, adds them up, and
// says in what state a day is. It must not know where reports come from or where days are stored. Start reading at Day, then
// AggregateReader and UsersReader.
//
// A report is read to its end or not used at all: every reader returns an error with the code fault.ReportBroken for anything that
// is cut, malformed or implausible. What GitHub leaves out is nil or Untold, never zero.
package metrics
