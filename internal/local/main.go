// Command local is `make run`: the whole connector in one program on loopback. It contains a simulated GitHub, which it uses
// unless GITHUB_API_URL names another. It needs no AWS account and no network, and stores its data in DATA_DIR. It has no
// authentication: do not expose it. It must not import anything of AWS. Start reading at run, then newApp.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "make run:", err)
		os.Exit(1)
	}
}

// run starts the parts and stops them in the opposite order: first the API, last the simulated GitHub.
func run(ctx context.Context, stdout, stderr io.Writer) (err error) {
	settings, err := platform.ReadLocalSettings()
	if err != nil {
		return err
	}
	agreed, err := money.ParseAgreed([]byte(settings.Prices))
	if err != nil {
		return fmt.Errorf("PRICES: %w", err)
	}
	now := clock(settings.Now)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listen (LISTEN names another address): %w", err)
	}
	defer func() { _ = listener.Close() }()

	log := platform.NewLogger(stderr)
	kept, err := openData(ctx, settings.DataDir, now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.close()) }()

	page := "http://" + listener.Addr().String() + "/"
	failed := make(chan error, 2) // errors of the two servers
	gitHubURL := settings.GitHubAPIURL
	var simulated []githubsim.Scenario
	if gitHubURL == "" {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("listen for the simulated GitHub: %w", err)
		}
		gitHubURL = "http://" + listener.Addr().String()
		began, err := simulationBegan(settings.DataDir, now(), !settings.Now.IsZero())
		if err != nil {
			return err
		}
		simulated = githubsim.Scenarios(began)
		simulation := githubsim.New(now, githubsim.Cast(began)...)
		simulation.SetCallback(page)
		if err := simulation.KeepApps(filepath.Join(settings.DataDir, appsFile)); err != nil {
			return err
		}
		defer serve(listener, simulation, failed)()
	}
	service, err := github.NewService(gitHubURL, now)
	if err != nil {
		return err
	}
	simulatedURL := gitHubURL
	if simulated == nil {
		simulatedURL = ""
	}
	own, err := readStackApp(settings.App, simulatedURL)
	if err != nil {
		return err
	}
	if service, err = own.service(service, now); err != nil {
		return err
	}
	app := newApp(kept, service, agreed, settings.KeepPeopleDays, now, log)
	defer app.close()
	if err := app.resume(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var schedule sync.WaitGroup
	schedule.Go(func() { everyDay(ctx, pollAt, now, func(due time.Time) { app.poll(ctx, due) }) })
	schedule.Go(func() { everyDay(ctx, remindAt, now, func(due time.Time) { app.remind(ctx, due) }) })
	defer schedule.Wait()
	defer cancel()
	handler, err := withPage(app.handler(), simulated, gitHubURL)
	if err != nil {
		return err
	}
	listenHost, _, _ := net.SplitHostPort(settings.Listen) // cannot fail: the program already listens there
	defer serve(listener, guarded(handler, listenHost), failed)()
	greet(stdout, "http://"+listener.Addr().String(), settings.GitHubAPIURL, now())

	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// clock returns a clock that starts at start, or the real clock if start is zero. It uses the time of day and not a timer,
// because timers stop while the machine sleeps.
func clock(start time.Time) func() time.Time {
	if start.IsZero() {
		return time.Now
	}
	began := time.Now().Round(0)
	return func() time.Time { return start.Add(time.Now().Round(0).Sub(began)) }
}
