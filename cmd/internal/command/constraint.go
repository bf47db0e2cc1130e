package command

import (
	"strings"

	"golang.org/x/mod/semver"
)

// satisfies reports whether a version meets all parts of a constraint such as
// ">= 0.1, < 2". An empty constraint is met by any version.
func satisfies(version, constraint string) (bool, error) {
	if strings.TrimSpace(constraint) == "" {
		return true, nil
	}
	for part := range strings.SplitSeq(constraint, ",") {
		part = strings.TrimSpace(part)
		number := strings.TrimLeft(part, "=!<>~ ")
		operator := strings.TrimSpace(strings.TrimSuffix(part, number))
		wanted := "v" + strings.TrimPrefix(number, "v")
		if !semver.IsValid(wanted) {
			return false, errConstraint(constraint)
		}
		ok, known := compareVersions("v"+version, operator, wanted)
		if !known {
			return false, errConstraint(constraint)
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}

func compareVersions(version, operator, wanted string) (ok, known bool) {
	order := semver.Compare(version, wanted)
	switch operator {
	case "", "=":
		return order == 0, true
	case "!=":
		return order != 0, true
	case ">":
		return order > 0, true
	case ">=":
		return order >= 0, true
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	case "~>":
		// The last part that is written may grow: "~> 1.2" is below 2, and
		// "~> 1.2.3" below 1.3.
		if strings.Count(wanted, ".") == 2 {
			return order >= 0 && semver.MajorMinor(version) == semver.MajorMinor(wanted), true
		}
		return order >= 0 && semver.Major(version) == semver.Major(wanted), true
	default:
		return false, false
	}
}
