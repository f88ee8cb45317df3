// Command testlog reads the output of `go test -json` and prints it as `go test` does: a line for each package when it has
// ended, and the whole output of failed tests. At the end it names each skipped test with the reason. It fails if a test has
// failed, and with -strict also if one was skipped.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// event is a line of `go test -json`; `go doc test2json` describes it.
type event struct{ Action, Package, Test, Output string }

// test identifies a test of a package.
type test struct{ pkg, name string }

// report is the state of the tests after the events read so far.
type report struct {
	out     io.Writer
	said    map[test]*strings.Builder // output of the tests that have not ended
	order   []test                    // the keys of said, in the order in which the tests began
	skipped []string
	failed  bool // a package has failed, or could not be built
}

func main() {
	strict := flag.Bool("strict", false, "a skipped test is a failure")
	flag.Parse()
	skipped, failed, err := write(os.Stdout, os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
	}
	if err != nil || failed || *strict && skipped > 0 {
		os.Exit(1) // also where a shell reports only the end of the last command of a pipe
	}
}

// write prints the report and returns the number of skipped tests, and whether a package has failed.
func write(out io.Writer, in io.Reader) (skipped int, failed bool, err error) {
	r := report{out: out, said: make(map[test]*strings.Builder)}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		r.read(line)
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, false, err
		}
	}
	for _, skip := range r.skipped {
		_, _ = fmt.Fprintln(out, "skipped:", skip)
	}
	return len(r.skipped), r.failed, nil
}

func (r *report) read(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		_, _ = io.WriteString(r.out, line) // a line of the go command itself
		return
	}
	key := test{e.Package, e.Test}
	switch {
	case e.Action == "build-output", e.Action == "output" && e.Test == "" && e.Output != "PASS\n":
		_, _ = io.WriteString(r.out, e.Output)
	case e.Test == "" && e.Action == "fail": // prints unfinished tests too: one of them may have crashed the package
		r.failed = true
		for _, unfinished := range slices.Clone(r.order) {
			if unfinished.pkg == e.Package {
				_, _ = io.WriteString(r.out, r.take(unfinished))
			}
		}
	case e.Test == "":
	case e.Action == "output":
		r.keep(key, e.Output)
	case e.Action == "fail":
		_, _ = io.WriteString(r.out, r.take(key))
	case e.Action == "skip":
		r.skipped = append(r.skipped, fmt.Sprintf("%s of %s: %s", e.Test, e.Package, reason(r.take(key))))
	case e.Action == "pass":
		r.take(key)
	}
}

func (r *report) keep(key test, output string) {
	if strings.HasPrefix(output, "=== ") {
		return
	}
	if r.said[key] == nil {
		r.said[key] = &strings.Builder{}
		r.order = append(r.order, key)
	}
	r.said[key].WriteString(output)
}

// take removes and returns a test's output, with its result first.
func (r *report) take(key test) string {
	said := r.said[key]
	if said == nil {
		return ""
	}
	delete(r.said, key)
	r.order = slices.DeleteFunc(r.order, func(t test) bool { return t == key })
	var verdict, rest string
	for line := range strings.Lines(said.String()) {
		if strings.HasPrefix(strings.TrimSpace(line), "--- ") {
			verdict += line
		} else {
			rest += line
		}
	}
	return verdict + rest
}

var place = regexp.MustCompile(`^\s*\S+\.go:\d+: `)

// reason returns the output of a skipped test without the line that reports the skip.
func reason(said string) string {
	var words []string
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(place.ReplaceAllString(line, "")); line != "" && !strings.HasPrefix(line, "--- SKIP") {
			words = append(words, line)
		}
	}
	return strings.Join(words, " ")
}
