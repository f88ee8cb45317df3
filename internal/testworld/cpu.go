package testworld

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// CPU returns the processor time that this process has used. Other programs on the machine do not affect it, unlike elapsed
// time.
func CPU(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Beside measures work against a reference. It runs both in turns, so that disturbances affect both equally. It reports the
// processor time of work, and its ratio to that of the reference. Both run in this process.
func Beside(b *testing.B, reference string, refer, work func()) {
	b.Helper()
	var worked, referred time.Duration
	rounds := 0
	for b.Loop() {
		worked += spent(b, work)
		referred += spent(b, refer)
		rounds++
	}
	ReportBeside(b, reference, worked, referred, rounds)
}

// ReportBeside reports the processor time of work and of the reference over a number of rounds.
func ReportBeside(b *testing.B, reference string, worked, referred time.Duration, rounds int) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // hides the elapsed time, which is that of both together
	b.ReportMetric(worked.Seconds()*1000/float64(rounds), "cpu-ms")
	b.ReportMetric(float64(worked)/float64(referred), "x-"+reference)
}

// spent returns the processor time of a function. It collects garbage first, so that earlier work does not count.
func spent(b *testing.B, run func()) time.Duration {
	b.Helper()
	runtime.GC()
	began := CPU(b)
	run()
	return CPU(b) - began
}

// Figure is processor time and megabytes read, such as those of a former layout. Zero means that it was not measured.
type Figure struct{ Seconds, Megabytes float64 }

// Report prints the figure in the line of a benchmark.
func (f Figure) Report(b *testing.B, name string) {
	b.Helper()
	if f.Seconds > 0 {
		b.ReportMetric(1000*f.Seconds, "cpu-ms-"+name)
	}
	if f.Megabytes > 0 {
		b.ReportMetric(f.Megabytes, "MB-"+name)
	}
}
