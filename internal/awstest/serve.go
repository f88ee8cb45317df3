package awstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

const (
	patience = time.Minute // how long an emulator may take to answer on a busy machine
	attempts = 3           // another program may take the port in the meantime
)

// guard runs a server and kills it when guard's standard input ends. The kernel closes the other end of that pipe when the
// test binary ends in any way, so no server survives a panic, a time-out or a kill. guard and the server ignore the signals by which
// a terminal ends a program: without guard, a server that does so would stay. guard itself does not keep the server's output open,
// so that the output ends when the server ends.
const guard = `trap "" INT TERM HUP; "$@" 2>&1 & exec >/dev/null 2>&1; cat; kill -9 $!; wait`

// serve starts a server on a free port and returns its URL once it answers.
func serve(command func(port string) []string) (endpoint string, err error) {
	for range attempts {
		port, portErr := freePort()
		if portErr != nil {
			return "", portErr
		}
		address := net.JoinHostPort("127.0.0.1", port)
		if err = start(address, command(port)); err == nil {
			return "http://" + address, nil
		}
	}
	return "", err
}

// freePort returns a port that is free now. It must still be free when the server listens, which may be seconds later. So it is not
// one of the ports that the kernel gives to servers without a port of their own: other tests start thousands of those.
func freePort() (string, error) {
	const first, count = 15_000, 15_000 // Linux gives 32768 to 60999, other systems 49152 to 65535
	for {
		port := strconv.Itoa(first + rand.IntN(count)) //nolint:gosec // nobody gains by guessing it
		listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", port))
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			continue
		case err != nil:
			return "", err
		}
		return port, listener.Close()
	}
}

func start(address string, command []string) error {
	server := exec.CommandContext(context.Background(), "sh", append([]string{"-c", guard, "sh"}, command...)...) //nolint:gosec // the commands are in this package
	lifeline, err := server.StdinPipe()
	if err != nil {
		return err
	}
	output, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	var printed bytes.Buffer // may be read only after ended is closed
	ended := make(chan struct{})
	go func() { // keeps a reference to the lifeline, which the garbage collector would close otherwise
		_, _ = io.CopyN(&printed, output, 4<<10)
		_, _ = io.Copy(io.Discard, output)
		close(ended)
		_ = lifeline.Close()
		_ = server.Wait()
	}()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := answers(ctx, address, ended); err != nil {
		_ = lifeline.Close()
		<-ended
		return fmt.Errorf("%w; it printed:\n%s", err, printed.String())
	}
	return nil
}

// answers waits until a server accepts connections.
func answers(ctx context.Context, address string, ended <-chan struct{}) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-tick.C:
		case <-ended:
			return errors.New("it ended before it answered")
		case <-ctx.Done():
			return fmt.Errorf("no answer within %s", patience)
		}
	}
}
