// Package fleet_test simulates one morning of a hundred thousand connectors. It has a clock of its own.
//
// These parts are real: the poll, the queue's client with its batches, the collecting of one connector against a simulated
// GitHub, the reminders, the code that keeps a mail from being sent twice, and the client of SNS. These parts are simulated:
// DynamoDB and SQS by the time that they take to answer, SNS by that and by its quotas of calls, and Lambda by the way in
// which it takes messages from a queue. The settings come from template.yaml. One run of collect is measured first, and its
// time stands for all runs.
package fleet_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// six and seven are the hours at which the poll and the reminders are due.
var (
	six   = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	seven = six.Add(time.Hour)
)

// The times that each service takes to answer.
const (
	gitHubAnswers = 400 * time.Millisecond
	tableAnswers  = 15 * time.Millisecond // for one item or for a hundred
	queueAnswers  = 20 * time.Millisecond
	postAnswers   = 60 * time.Millisecond

	// besides is the part of a run of collect that is not waiting for GitHub: processor time at 320 MB, and AWS.
	besides = 1400 * time.Millisecond
)

// GitHub's limits for one token. Each connector has its own.
const (
	callsAnHour  = 5000
	callsAMinute = 900
)

func TestAHundredThousandConnectorsArePolledWithinAnHour(t *testing.T) {
	t.Parallel()
	run, calls := oneRun(t)
	t.Logf("a run takes %s, in %d calls", run, calls)
	if calls > min(callsAMinute, callsAnHour) {
		t.Errorf("GitHub would refuse %d calls within %s", calls, run)
	}
	in := readTemplate(t)
	for connectors, within := range map[int]time.Duration{10_000: 15 * time.Minute, 100_000: time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			tasks := newTasks()
			began := time.Now()
			ended := in.collect(tasks, run+besides)
			queued, err := poller(tasks, connectors).Poll(t.Context(), six)
			listed := time.Since(began)
			tasks.close()
			<-ended
			took := time.Since(began)
			t.Logf("%d connectors were queued within %s and polled within %s, %d at once; the oldest task waited %s",
				connectors, listed, took, in.atOnce, tasks.oldest)
			if err != nil || queued != connectors || tasks.done != connectors {
				t.Errorf("queued %d, done %d, %v", queued, tasks.done, err)
			}
			if took > within || listed > in.pollTimeout || tasks.oldest > in.delayed.age {
				t.Errorf("limits: %s in all, %s for the poll, %s for a waiting task", within, in.pollTimeout, in.delayed.age)
			}
			if took < 4*period {
				return
			}
			// Above this number of connectors the pace stays the same, and the last one waits longer. The alarm may ring only if
			// the queue stands still. In the worst case of that, every run uses its whole time limit.
			pace, stuck := tasks.slowest(took), in.atOnce*int(period/in.collectTimeout)
			t.Logf("at the slowest, %d tasks were done in %s", pace, period)
			if pace < 4*in.delayed.done || stuck > in.delayed.done/4 {
				t.Errorf("TasksDelayed rings below %d tasks in %s, but collect does %d at its slowest, and %d if each run times out", in.delayed.done, period, pace, stuck)
			}
		})
	}
}

// settings are the settings of template.yaml.
type settings struct {
	atOnce                                     int
	pollTimeout, collectTimeout, remindTimeout time.Duration
	delayed                                    delayed
}

// delayed is the condition of the alarm TasksDelayed: the oldest task is older than age, and fewer than done tasks end in a
// period.
type delayed struct {
	age  time.Duration
	done int
}

func readTemplate(t *testing.T) settings {
	t.Helper()
	resources := lambdatest.ReadTemplate(t).Resources
	read := func(name string, into any) {
		t.Helper()
		if err := json.Unmarshal(resources[name].Properties, into); err != nil {
			t.Fatalf("the properties of %s: %v", name, err)
		}
	}
	var poll, remind struct{ Timeout int }
	var alarm struct {
		Threshold int
		Metrics   []struct{ Expression string }
	}
	var collect struct {
		Timeout int
		Events  struct {
			Tasks struct {
				Properties struct {
					BatchSize     int
					ScalingConfig struct{ MaximumConcurrency int }
				}
			}
		}
	}
	read("PollFunction", &poll)
	read("RemindFunction", &remind)
	read("TasksDelayedAlarm", &alarm)
	read("CollectFunction", &collect)
	source := collect.Events.Tasks.Properties
	if source.BatchSize != 1 {
		t.Fatalf("a run gets %d tasks; this simulation assumes one", source.BatchSize)
	}
	var done int
	if _, err := fmt.Sscanf(alarm.Metrics[0].Expression, "IF(FILL(done, 0) < %d, age, 0)", &done); err != nil {
		t.Fatalf("TasksDelayed is on %q: %v", alarm.Metrics[0].Expression, err)
	}
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return settings{
		source.ScalingConfig.MaximumConcurrency, seconds(poll.Timeout), seconds(collect.Timeout), seconds(remind.Timeout),
		delayed{seconds(alarm.Threshold), done},
	}
}
