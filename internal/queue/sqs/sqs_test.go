package sqs_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue/queuetest"
)

func TestTasksAreSentInBatchesOfTenSixteenAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSQS{latency: time.Second}
		tasks := queuetest.Some(1605) // ten rounds of sixteen batches, and half a batch
		began := time.Now()
		if err := sending(fake).Send(t.Context(), tasks...); err != nil {
			t.Fatal(err)
		}
		arrivedOnce(t, fake, tasks)
		if fake.calls != 161 || fake.busiest != 16 || time.Since(began) != 11*time.Second {
			t.Errorf("%d calls, %d at once, in %s", fake.calls, fake.busiest, time.Since(began))
		}
	})
}

func TestSendingNothingMakesNoCall(t *testing.T) {
	fake := &fakeSQS{}
	if err := sending(fake).Send(t.Context()); err != nil || fake.calls != 0 {
		t.Errorf("got %v after %d calls, want no error and no call", err, fake.calls)
	}
}

func TestRefusedEntriesAreSentAgainAfterAPause(t *testing.T) {
	waits := map[int]time.Duration{2: 100 * time.Millisecond, 4: 700 * time.Millisecond} // average pauses, by number of calls
	for name, fake := range map[string]*fakeSQS{
		"some refused for a moment": {refuse: func(call, entry int) string {
			if call <= 3 && entry%2 == 0 {
				return "InternalError"
			}
			return ""
		}},
		"all throttled at first": {refuse: func(call, _ int) string {
			if call <= 3 {
				return "RequestThrottled"
			}
			return ""
		}},
		"one left out of the answer": {forget: func(call, entry int) bool { return call == 1 && entry == 3 }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tasks, began := queuetest.Some(10), time.Now()
				if err := sending(fake).Send(t.Context(), tasks...); err != nil {
					t.Fatal(err)
				}
				arrivedOnce(t, fake, tasks)
				if took, about := time.Since(began), waits[fake.calls]; took < about/2 || took > about*3/2+3 {
					t.Errorf("%d calls took %s", fake.calls, took)
				}
			})
		})
	}
}

func TestTheErrorCountsTasksThatWereNotQueued(t *testing.T) {
	entry := func(code string) func(int, int) string {
		return func(_, entry int) string {
			if entry == 1 {
				return code
			}
			return ""
		}
	}
	status := func(code int, body string) func(int, http.ResponseWriter) bool {
		return func(_ int, w http.ResponseWriter) bool {
			http.Error(w, body, code)
			return true
		}
	}
	for name, c := range map[string]struct {
		fake *fakeSQS
		says string
	}{
		"an entry of each batch":         {&fakeSQS{refuse: entry("InternalError")}, "3 of 25 were not queued: InternalError"},
		"an invalid code":                {&fakeSQS{refuse: entry("arn:aws:sqs:" + account)}, "3 of 25 were not queued: no usable answer"},
		"entries left out of the answer": {&fakeSQS{forget: func(_, entry int) bool { return entry == 1 }}, "3 of 25 were not queued: no usable answer"},
		"no such queue": {
			&fakeSQS{instead: status(400, `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"`+queueURL+`"}`)},
			"25 of 25 were not queued: QueueDoesNotExist",
		},
		"not allowed": {
			&fakeSQS{instead: status(403, `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"arn:aws:iam::`+account+`:role/x"}`)},
			"25 of 25 were not queued: AccessDeniedException",
		},
		"throttled for good": {
			&fakeSQS{instead: status(400, `{"__type":"com.amazonaws.sqs#RequestThrottled"}`)},
			"25 of 25 were not queued: RequestThrottled",
		},
		"down": {&fakeSQS{instead: status(503, queueURL)}, "25 of 25 were not queued: "},
		"one batch of three": {
			&fakeSQS{instead: func(call int, w http.ResponseWriter) bool {
				if call == 1 {
					http.Error(w, `{"__type":"InvalidSecurity"}`, http.StatusBadRequest)
				}
				return call == 1
			}},
			"of 25 were not queued: InvalidSecurity",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				err := sending(c.fake).Send(t.Context(), queuetest.Some(25)...)
				if !fault.Is(err, fault.Queue) || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("got %v, want %q", err, c.says)
				}
				if told := fmt.Sprintf("%+v", err); strings.Contains(told, account) || strings.Contains(told, "arn:") || strings.Contains(told, "https:") {
					t.Errorf("the error contains a secret: %s", told)
				}
				if left := 25 - len(c.fake.got); !strings.Contains(err.Error(), fmt.Sprintf(" %d of 25 ", left)) {
					t.Errorf("%d did not arrive, and the error is: %v", left, err)
				}
			})
		})
	}
}

func TestTransientTroubleLosesNoTask(t *testing.T) {
	for name, instead := range map[string]func(w http.ResponseWriter){
		"500":       func(w http.ResponseWriter) { http.Error(w, "", http.StatusInternalServerError) },
		"503":       func(w http.ResponseWriter) { http.Error(w, "", http.StatusServiceUnavailable) },
		"throttled": func(w http.ResponseWriter) { http.Error(w, `{"__type":"RequestThrottled"}`, http.StatusBadRequest) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &fakeSQS{instead: func(call int, w http.ResponseWriter) bool {
					if call <= 2 {
						instead(w)
					}
					return call <= 2
				}}
				tasks := queuetest.Some(25)
				if err := sending(fake).Send(t.Context(), tasks...); err != nil {
					t.Fatal(err)
				}
				arrivedOnce(t, fake, tasks)
			})
		})
	}
}

// lost accepts a call and drops the first answer.
type lost struct{ *fakeSQS }

func (l lost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.calls == 0 {
		l.fakeSQS.ServeHTTP(discard{}, r)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	l.fakeSQS.ServeHTTP(w, r)
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

func TestALostAnswerDeliversATaskTwiceRatherThanNever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSQS{}
		tasks := queuetest.Some(3)
		if err := sending(lost{fake}).Send(t.Context(), tasks...); err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			if arrived := fake.tasks(t)[task.Connector]; arrived != 2 {
				t.Errorf("a task arrived %d times", arrived)
			}
		}
	})
}

func TestSendingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSQS{refuse: func(int, int) string { return "InternalError" }}
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
		defer cancel()
		err := sending(fake).Send(ctx, queuetest.Some(200)...)
		if !fault.Is(err, fault.Queue) || !strings.Contains(err.Error(), "200 of 200 were not queued: context deadline exceeded") {
			t.Errorf("Send returned %v, want that 200 of 200 were not queued", err)
		}
	})
}

func TestADelayIsLimitedToTheMaximumOfSQS(t *testing.T) {
	for delay, seconds := range map[time.Duration]int{
		-time.Hour:                        0,
		0:                                 0,
		time.Millisecond:                  1,
		time.Second:                       1,
		899*time.Second + time.Nanosecond: 900,
		15 * time.Minute:                  900,
		24 * time.Hour:                    900,
	} {
		t.Run(delay.String(), func(t *testing.T) {
			fake := &fakeSQS{}
			if err := sending(fake).SendLater(t.Context(), queuetest.Daily(connector.NewID()), delay); err != nil {
				t.Fatal(err)
			}
			if len(fake.got) != 1 || fake.got[0].Delay != seconds {
				t.Errorf("got %+v, want a delay of %d s", fake.got, seconds)
			}
		})
	}
}

func TestAnInvalidTaskIsNotSent(t *testing.T) {
	t.Parallel()
	fake := &fakeSQS{}
	for _, bad := range queuetest.NotTasks() {
		for name, err := range map[string]error{
			"at once":    sending(fake).Send(t.Context(), queuetest.Daily(connector.NewID()), bad),
			"with delay": sending(fake).SendLater(t.Context(), bad, time.Minute),
		} {
			if !fault.Is(err, fault.Internal) {
				t.Errorf("%s: got %v for %+v", name, err, bad)
			}
		}
	}
	if fake.calls != 0 {
		t.Errorf("SQS was called %d times", fake.calls)
	}
}
