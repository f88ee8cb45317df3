// Command testlog reads what `go test -json` writes and prints it as `go test` does: a line for each package as soon as it
// has ended, and all that a failed test said. At the end it names what was skipped, and why. With -strict a skipped test is
// a failure.
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

// event is a line of `go test -json`, see `go doc test2json`.
type event struct{ Action, Package, Test, Output string }

// test names a test of a package.
type test struct{ pkg, name string }

// report is what has been read so far.
type report struct {
	out     io.Writer
	said    map[test]*strings.Builder // by tests that have not ended
	order   []test                    // of said
	skipped []string
}

func main() {
	strict := flag.Bool("strict", false, "a skipped test is a failure")
	flag.Parse()
	skipped, err := write(os.Stdout, os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(1)
	}
	if *strict && skipped > 0 {
		os.Exit(1)
	}
}

// write returns how many tests were skipped.
func write(out io.Writer, in io.Reader) (skipped int, err error) {
	r := report{out: out, said: make(map[test]*strings.Builder)}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		r.read(line)
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	for _, skip := range r.skipped {
		_, _ = fmt.Fprintln(out, "skipped:", skip)
	}
	return len(r.skipped), nil
}

func (r *report) read(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		_, _ = io.WriteString(r.out, line) // of the go command itself
		return
	}
	key := test{e.Package, e.Test}
	switch {
	case e.Action == "build-output", e.Action == "output" && e.Test == "" && e.Output != "PASS\n":
		_, _ = io.WriteString(r.out, e.Output)
	case e.Test == "" && e.Action == "fail": // what had not ended is told too: the package may have died in it
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

// take returns what a test has said, its verdict first, and forgets it.
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

// reason is what a skipped test said, without the line that says that it was skipped.
func reason(said string) string {
	var words []string
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(place.ReplaceAllString(line, "")); line != "" && !strings.HasPrefix(line, "--- SKIP") {
			words = append(words, line)
		}
	}
	return strings.Join(words, " ")
}
