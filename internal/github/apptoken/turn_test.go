package apptoken_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

// signing signs a JWT, which takes a minute.
type signing struct{ times int }

func (s *signing) JWT(ctx context.Context) (apptoken.JWT, error) {
	s.times++
	if err := slowly(ctx); err != nil {
		return apptoken.JWT{}, err
	}
	return apptoken.JWT{Value: "jwt", Expires: time.Now().Add(9 * time.Minute)}, nil
}

func slowly(ctx context.Context) error {
	select {
	case <-time.After(time.Minute):
		return nil
	case <-ctx.Done():
		return &fault.Error{Code: fault.OutOfTime, Op: "wait", Err: ctx.Err()}
	}
}

func within(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func TestNobodyWaitsForAJWTBeyondItsOwnLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &signing{}
		reused := apptoken.Reuse(slow, time.Now)
		first := make(chan error, 1)
		go func() {
			_, err := reused.JWT(t.Context())
			first <- err
		}()
		synctest.Wait()
		began := time.Now()
		if _, err := reused.JWT(within(t, time.Second)); !fault.Is(err, fault.OutOfTime) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if jwt, err := reused.JWT(within(t, time.Second)); err != nil || jwt.Value != "jwt" || slow.times != 1 {
			t.Errorf("%v, %v, signed %d times", jwt, err, slow.times)
		}
	})
}

// The limit of one request ends while it renews the token of all. The next request renews it, and the former token still counts.
func TestARequestThatEndsDuringARenewalEndsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tokens := []string{"ghs_first", "ghs_second"}
		made, back := 0, 0
		call := func(ctx context.Context, _, method, path, _ string, _ any) ([]byte, error) {
			switch {
			case method == "GET" && path == "app/installations/7":
				return []byte(`{"id":7,"account":{"id":77,"login":"octo-demo"},"target_type":"Organization","permissions":{"organization_copilot_metrics":"read"}}`), nil
			case method == "POST":
				if made > 0 {
					if err := slowly(ctx); err != nil {
						return nil, err
					}
				}
				made++
				return []byte(`{"token":"` + tokens[made-1] + `","expires_at":"` + time.Now().Add(time.Hour).Format(time.RFC3339) + `"}`), nil
			case method == "DELETE":
				back++
				return nil, nil
			}
			return nil, errors.New("nobody asks this")
		}
		key := apptoken.Key{ClientID: "Iv1", Now: time.Now, Sign: func(context.Context, []byte) ([]byte, error) { return []byte("signed"), nil }}
		session := apptoken.NewBound(key, apptoken.Bound{ID: 7}, call, time.Now)
		account := copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo-demo"}
		if _, err := session.Open(t.Context(), account, credential.Installation{ID: 7}); err != nil {
			t.Fatal(err)
		}
		hurried, waiting := make(chan error, 1), make(chan error, 1)
		renew := func(ctx context.Context, done chan<- error) {
			_, err := session.Bearer(ctx, tokens[0])
			done <- err
		}
		go renew(within(t, 2*time.Second), hurried)
		synctest.Wait()
		began := time.Now()
		go renew(within(t, time.Second), waiting)
		if err := <-waiting; !fault.Is(err, fault.OutOfTime) || time.Since(began) != time.Second {
			t.Errorf("the request that waits ends after %v: %v", time.Since(began), err)
		}
		if err := <-hurried; !fault.Is(err, fault.OutOfTime) {
			t.Errorf("the request that renews: %v", err)
		}
		if bearer, err := session.Bearer(t.Context(), ""); err != nil || bearer != tokens[0] {
			t.Errorf("then: %q, %v", bearer, err)
		}
		if bearer, err := session.Bearer(t.Context(), tokens[0]); err != nil || bearer != tokens[1] {
			t.Errorf("renewed: %q, %v", bearer, err)
		}
		session.Close(t.Context())
		if made != 2 || back != 1 {
			t.Errorf("%d tokens were made and %d given back", made, back)
		}
	})
}
