// Command host runs a command, such as `go test`, and meanwhile makes what the tests share: emulators of AWS and releases of the
// functions. All of it is gone when the command has ended, or when the host itself ends in any way.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/testrun"
)

func main() {
	status, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
	}
	os.Exit(status)
}

// run runs a command beside a host and returns its exit status.
func run(command []string) (status int, err error) {
	folder, err := os.MkdirTemp("", "testrun") // outside of the module, or go test would run a passed test again: its files are new
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 1, err
	}
	host := http.Server{ReadHeaderTimeout: time.Minute, Handler: testrun.Handler(map[string]func(string) (string, error){
		awstest.Shared:    awstest.Start,
		lambdatest.Shared: lambdatest.Builder(folder),
	})}
	go func() { _ = host.Serve(listener) }()
	defer func() { err = errors.Join(err, host.Close()) }()

	tests := exec.CommandContext(context.Background(), command[0], command[1:]...) //nolint:gosec // the command line is the Makefile's
	tests.Stdin, tests.Stdout, tests.Stderr = os.Stdin, os.Stdout, os.Stderr
	tests.Env = append(tests.Environ(), testrun.Variable+"=http://"+listener.Addr().String())
	tests.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := tests.Start(); err != nil {
		return 1, err
	}
	go forward(signals, tests.Process)
	if err := tests.Wait(); err != nil && tests.ProcessState.ExitCode() <= 0 {
		return 1, err
	}
	return tests.ProcessState.ExitCode(), nil
}

// forward hands a request to end on to the command and to all programs that it has started: a shell alone would end before them.
// They are a process group of their own, so that each of them gets a signal once. The host waits until the command has ended.
func forward(signals <-chan os.Signal, command *os.Process) {
	for s := range signals {
		_ = syscall.Kill(-command.Pid, s.(syscall.Signal)) //nolint:forcetypeassert // signals of a Unix are nothing else
	}
}
