package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine says in a line where the measurements were made, and how busy it was.
func machine() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cores", runtime.NumCPU())
	if model := cpuModel("/proc/cpuinfo"); model != "" {
		b.WriteString(" (" + model + ")")
	}
	fmt.Fprintf(&b, ", %s/%s, %s", runtime.GOOS, runtime.GOARCH, runtime.Version())
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		one, _, _ := strings.Cut(string(load), " ")
		b.WriteString(", load average " + one + " before the run")
	}
	return b.String()
}

// cpuModel is the name of the processor where the system tells it.
func cpuModel(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
