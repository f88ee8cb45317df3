package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// The programs that a shell has started end with the test run; otherwise tests would go on after `make test` was ended.
func TestARequestToEndReachesAllPrograms(t *testing.T) {
	held := filepath.Join(t.TempDir(), "held")
	if err := syscall.Mkfifo(held, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(held, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()

	// The shell's parent is this test. What the shell starts keeps the pipe open for as long as it runs.
	status, err := run([]string{"sh", "-c", `{ kill -TERM $PPID; sleep 60; } 9>"$0" | cat; exit 0`, held})
	if status == 0 || err == nil {
		t.Errorf("the run ended with %d, %v; want an error that names the signal", status, err)
	}
	if err := reader.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(reader); err != nil {
		t.Errorf("a program of the run still works: %v", err)
	}
}
