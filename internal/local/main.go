// Command local is `make run`: the Admin API on loopback, with a simulated GitHub inside unless GITHUB_API_URL
// names another. It needs no AWS account and no network.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "make run:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout, stderr io.Writer) error {
	settings, err := platform.ReadLocalSettings()
	if err != nil {
		return err
	}
	now := clock(settings.Now)

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listen (LISTEN names another address): %w", err)
	}
	servers := newServers()
	defer servers.stop()

	gitHubURL := settings.GitHubAPIURL
	if gitHubURL == "" {
		simulated, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("listen for the simulated GitHub: %w", err)
		}
		gitHubURL = "http://" + simulated.Addr().String()
		servers.start(simulated, githubsim.New(now, githubsim.Cast(now())...))
	}
	service, err := github.NewService(gitHubURL, now)
	if err != nil {
		return err
	}
	app, err := open(settings.DataDir, service, now, platform.NewLogger(stderr))
	if err != nil {
		return err
	}
	defer app.close()
	go app.pollDaily(ctx)
	servers.start(listener, app.handler())
	greet(stdout, "http://"+listener.Addr().String(), settings.GitHubAPIURL, now())

	select {
	case <-ctx.Done():
		return nil
	case err := <-servers.failed:
		return err
	}
}

// clock runs from start on, or is the real one when start is zero.
func clock(start time.Time) func() time.Time {
	if start.IsZero() {
		return time.Now
	}
	began := time.Now()
	return func() time.Time { return start.Add(time.Since(began)) }
}
