package testrun_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/testrun"
)

func TestAHostMakesEachThingOnce(t *testing.T) {
	var made atomic.Int32
	host := httptest.NewServer(testrun.Handler(map[string]func(string) (string, error){
		"release": func(name string) (string, error) {
			made.Add(1)
			return "made of " + name, nil
		},
		"emulator": func(name string) (string, error) { return "", errors.New(name + " does not start") },
	}))
	defer host.Close()
	t.Setenv(testrun.Variable, host.URL)
	var asking sync.WaitGroup
	for range 4 {
		for _, name := range []string{"a b=c&d", "e"} {
			asking.Go(func() {
				if where, hosted, err := testrun.Ask("release", name); where != "made of "+name || !hosted || err != nil {
					t.Errorf("%s is %q, %v, %v", name, where, hosted, err)
				}
			})
		}
	}
	asking.Wait()
	if n := made.Load(); n != 2 {
		t.Errorf("2 things were made %d times", n)
	}
	if _, hosted, err := testrun.Ask("emulator", "moto"); !hosted || err == nil || !strings.Contains(err.Error(), "moto does not start") {
		t.Errorf("what cannot be made: %v, %v", hosted, err)
	}
	if _, hosted, err := testrun.Ask("unknown", "moto"); !hosted || err == nil {
		t.Errorf("an unknown kind: %v, %v", hosted, err)
	}
}
