// Package metrics turns GitHub's Copilot usage reports into days: it decodes them as they stream in, checks
// them, rolls them up, and says what state a day is in.
//
// A report is read to its end or not at all: every reader in this package returns an error of code
// fault.ReportBroken for anything cut, malformed or implausible, and then nothing of it may be used.
// What GitHub leaves out is nil or Untold, never zero. It imports the standard library, the domain,
// and jsontext, which Go 1.27 has in its standard library.
package metrics
