package main

import (
	"bytes"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/testrun"
)

// asHost makes this binary the host.
const asHost = "TESTRUN_AS_HOST"

func TestMain(m *testing.M) {
	if os.Getenv(asHost) != "" {
		main()
	}
	os.Exit(m.Run())
}

func TestTheCommandHasAHostForAsLongAsItRuns(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	host := exec.CommandContext(t.Context(), os.Args[0], "sh", "-c", "echo $"+testrun.Variable+"; ls $TMPDIR; cat; exit 3") //nolint:gosec // this very binary
	var out bytes.Buffer
	host.Stdin, host.Stdout, host.Stderr = strings.NewReader("from the input"), &out, &out
	host.Env = append(os.Environ(), asHost+"=1", "TMPDIR="+folder)
	if err := host.Run(); host.ProcessState.ExitCode() != 3 {
		t.Errorf("ended with %v, want the status of the command", err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "testrun") || lines[2] != "from the input" {
		t.Fatalf("printed %q", lines)
	}
	address, err := url.Parse(lines[0])
	if err != nil {
		t.Fatal(err)
	}
	if connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address.Host); err == nil {
		_ = connection.Close()
		t.Error("the host still answers")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
