// Package awsbill_test computes the monthly bill from what the functions ask of AWS. testdata/measured.json has the measured
// calls, testdata/prices.json has AWS's prices, and a test compares the result with the tables in docs/OPERATIONS.md.
//
//	go test ./internal/awsbill -run='^$' -bench=. -args -update   measures anew
//	go test ./internal/awsbill -run=Manual -args -update          writes the tables
package awsbill_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

const (
	manual       = "../../docs/OPERATIONS.md"
	measuredFile = "testdata/measured.json"
)

func TestTheManualSaysWhatItCosts(t *testing.T) {
	measured, prices, template := readMeasured(t), decode[priceList](t, "testdata/prices.json"), readTemplate(t)
	text := readFile(t, manual)
	_, section, ok := strings.Cut(text, "<!-- cost:begin -->\n")
	section, _, ends := strings.Cut(section, "<!-- cost:end -->")
	if !ok || !ends {
		t.Fatalf("%s has no section between cost:begin and cost:end", manual)
	}
	said := section
	for _, table := range []string{monthTable(measured[0], prices, template), connectorTable(measured, prices, template)} {
		if strings.Contains(said, table) {
			continue
		}
		if !*update {
			t.Errorf("%s does not have this table. go test ./internal/awsbill -run=Manual -args -update writes it.\n%s", manual, table)
		}
		said = replaced(t, said, table)
	}
	if *update && said != section {
		must(t, os.WriteFile(manual, []byte(strings.Replace(text, section, said, 1)), 0o600))
	}
	for _, date := range []string{prices.Checked, measured[0].Measured} {
		if !strings.Contains(section, date) {
			t.Errorf("%s does not say %s, the date of its figures", manual, date)
		}
	}
}

func TestTenThousandConnectorsCostLessThanTheirTarget(t *testing.T) {
	t.Parallel()
	const connectors, target = 10_000, 120
	f, p := readMeasured(t)[0], decode[priceList](t, "testdata/prices.json")
	sum := encryptedTokens(f, p).dollars(connectors)
	for _, l := range bill(f, p, readTemplate(t)) {
		if !strings.HasPrefix(l.what, secretLines) {
			sum += l.dollars(connectors)
		}
	}
	if sum >= target {
		t.Errorf("%d connectors cost $%.2f a month with TokenVault Kms, and should cost less than $%d", connectors, sum, target)
	}
}

// replaced replaces the table that has the same first cell.
func replaced(t *testing.T, text, table string) string {
	t.Helper()
	cell, _, _ := strings.Cut(strings.TrimPrefix(table, "|"), "|")
	old := regexp.MustCompile(`(?m)^\|` + regexp.QuoteMeta(cell) + `\|.*\n(?:\|.*\n)*`)
	if len(old.FindAllString(text, -1)) != 1 {
		t.Fatalf("%s has no table for |%s|", manual, cell)
	}
	return old.ReplaceAllLiteralString(text, table)
}

// secretLines is how the lines begin that TokenVault Kms replaces.
const secretLines = "Secrets Manager"

// sizes are the numbers of connectors that the table shows.
var sizes = []float64{1, 100, 10_000}

func monthTable(f figures, p priceList, t template) string {
	var table strings.Builder
	_, _ = fmt.Fprintf(&table, "| connectors of %s people | price | 1 | 100 | 10,000 |\n|---|---|--:|--:|--:|\n", grouped(float64(f.People)))
	sums, secrets := make([]float64, len(sizes)), make([]float64, len(sizes))
	row := func(what, price string, dollars func(i int) float64) {
		_, _ = fmt.Fprintf(&table, "| %s | %s |", what, price)
		for i := range sizes {
			_, _ = fmt.Fprintf(&table, " %s |", money(dollars(i)))
		}
		table.WriteByte('\n')
	}
	for _, l := range bill(f, p, t) {
		row(l.what, p.words(l.prices), func(i int) float64 {
			sums[i] += l.dollars(sizes[i])
			if strings.HasPrefix(l.what, secretLines) {
				secrets[i] += l.dollars(sizes[i])
			}
			return l.dollars(sizes[i])
		})
	}
	row("**total**", "", func(i int) float64 { return sums[i] })
	row("**per connector**", "", func(i int) float64 { return sums[i] / sizes[i] })
	encrypted := encryptedTokens(f, p)
	row(encrypted.what, p.words(encrypted.prices), func(i int) float64 { return encrypted.dollars(sizes[i]) })
	row("**total with TokenVault Kms**", "", func(i int) float64 { return sums[i] - secrets[i] + encrypted.dollars(sizes[i]) })
	app := withApp(f, p, t)
	row(app.what, p.words(app.prices)+", runs and requests as above", func(i int) float64 { return app.dollars(sizes[i]) })
	row("**total with the stack's own GitHub App**", "", func(i int) float64 { return sums[i] - secrets[i] + app.dollars(sizes[i]) })
	for _, l := range []line{ownKey(f, p), furtherYear(f, p), slowerGitHub(f, p, t)} {
		row(l.what, p.words(l.prices), func(i int) float64 { return l.dollars(sizes[i]) })
	}
	return table.String()
}

func connectorTable(measured []figures, p priceList, t template) string {
	var table strings.Builder
	table.WriteString("| one connector |")
	for _, f := range measured {
		_, _ = fmt.Fprintf(&table, " %s people |", grouped(float64(f.People)))
	}
	table.WriteString("\n|---|" + strings.Repeat("--:|", len(measured)) + "\n")
	row := func(what string, of func(f figures) string) {
		_, _ = fmt.Fprintf(&table, "| %s |", what)
		for _, f := range measured {
			_, _ = fmt.Fprintf(&table, " %s |", of(f))
		}
		table.WriteByte('\n')
	}
	daily := func(of func(f figures) float64) func(figures) string {
		return func(f figures) string { return grouped(of(f) / 7) }
	}
	row("calls of GitHub a day", daily(func(f figures) float64 { return float64(f.Polls.GitHubCalls) }))
	row("calls of AWS a day", daily(func(f figures) float64 { return f.Polls.all() + f.Reminders.all() }))
	row("units written a day", daily(func(f figures) float64 { return f.Polls.WriteUnits + f.Reminders.WriteUnits }))
	row("units read a day", daily(func(f figures) float64 { return f.Polls.ReadUnits + f.Reminders.ReadUnits }))
	row("units read by the Admin App, each time it shows everything", func(f figures) string { return grouped(f.Reads.ReadUnits) })
	row("bytes sent to it then", func(f figures) string { return grouped(float64(f.Reads.AnswerBytes)) })
	row("bytes kept of a person and day", func(f figures) string { return grouped(float64(f.DayBytes) / float64(f.People)) })
	row("bytes logged a day", daily(func(f figures) float64 { return float64(f.Polls.LogBytes + f.Reminders.LogBytes) }))
	row("a run of collect: seconds of waiting, of processor", func(f figures) string {
		return fmt.Sprintf("%.1f, %.2f", f.Polls.WaitSeconds/float64(f.Polls.Runs), f.Polls.CPUSeconds/float64(f.Polls.Runs))
	})
	row("dollars a month, without what a stack without connectors costs", func(f figures) string {
		sum := 0.0
		for _, l := range bill(f, p, t) {
			sum += l.dollars(1) - l.dollars(0)
		}
		return money(sum)
	})
	row("dollars once: Save, its first poll, and a year of older days", func(f figures) string {
		return fmt.Sprintf("%.3f", f.once(f.Save, p, t.memory["Connectors"])+f.once(f.Backfill, p, t.memory["Collect"]))
	})
	return table.String()
}

func readMeasured(t testing.TB) []figures {
	t.Helper()
	return decode[[]figures](t, measuredFile)
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func decode[T any](t testing.TB, path string) (value T) {
	t.Helper()
	must(t, json.Unmarshal([]byte(readFile(t, path)), &value))
	return value
}
