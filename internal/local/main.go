// Command local is `make run`: the Admin API on loopback, with a simulated GitHub inside unless GITHUB_API_URL
// names another. It needs no AWS account and no network.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/verify"
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
	api := adminapi.API{
		Verifier: verify.Verifier{
			Connect: func(host string, token connector.Token) verify.GitHub { return service.Connect(host, token) },
			Now:     now,
		},
		Log: platform.NewLogger(stderr),
	}
	servers.start(listener, withHealth(api.Handler()))
	greet(stdout, "http://"+listener.Addr().String(), settings.GitHubAPIURL, now())

	select {
	case <-ctx.Done():
		return nil
	case err := <-servers.failed:
		return err
	}
}

// withHealth answers /healthz, which only the local program has.
func withHealth(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/healthz" {
			_, _ = w.Write([]byte("ok\n"))
			return
		}
		api.ServeHTTP(w, r)
	})
}

// clock runs from start on, or is the real one when start is zero.
func clock(start time.Time) func() time.Time {
	if start.IsZero() {
		return time.Now
	}
	began := time.Now()
	return func() time.Time { return start.Add(time.Since(began)) }
}
