// Package fleet_test simulates one morning of a hundred thousand connectors. It has a clock of its own.
//
// These parts are real: the poll, the queue's client with its batches, the collecting of one connector against a simulated
// GitHub, the reminders, and the code that keeps a mail from being sent twice. These parts are simulated: DynamoDB, SQS and
// SNS by the time that they take to answer, and Lambda by the way in which it takes messages from a queue. The settings come
// from template.yaml. One run of collect is measured first, and its time stands for all runs.
package fleet_test

import (
	"encoding/json"
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

	// besides is the part of a run of collect that is not waiting for GitHub: processor time at 512 MB, and AWS.
	besides = time.Second
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
			if took > within || listed > in.pollTimeout || tasks.oldest > in.delayed {
				t.Errorf("it may take %s, the poll %s, and a task may wait %s", within, in.pollTimeout, in.delayed)
			}
		})
	}
}

// settings are the settings of template.yaml.
type settings struct {
	atOnce                     int
	pollTimeout, remindTimeout time.Duration
	delayed                    time.Duration // the age of a task at which the alarm TasksDelayed rings
}

func readTemplate(t *testing.T) settings {
	t.Helper()
	resources := lambdatest.ReadTemplate(t).Resources
	read := func(name string, into any) {
		t.Helper()
		if err := json.Unmarshal(resources[name].Properties, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var poll, remind struct{ Timeout int }
	var alarm struct{ Threshold int }
	var collect struct {
		Events struct {
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
		t.Fatalf("a run does %d tasks, and not one as here", source.BatchSize)
	}
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return settings{source.ScalingConfig.MaximumConcurrency, seconds(poll.Timeout), seconds(remind.Timeout), seconds(alarm.Threshold)}
}
