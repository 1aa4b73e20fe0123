import Advisories
import Inventory
import Scanning

/// Turns a report into the exit status: 0 all is well, 1 it tells only a part, 2 it tells of findings as bad as a threshold.
struct ReportGate {
    /// Nil: findings do not matter.
    let threshold: Severity?

    /// What the exit status must tell; nil when all is well.
    func failure(of report: ImageReport) -> ReportFailure? {
        let completeness = report.completeness
        if !report.scanned.isComplete {
            return .incomplete("\(report.scanned.image.name) was read in part only: \(ReportGate.reason(completeness))")
        }
        guard let threshold else { return nil }
        let count = report.findings.count { $0.severity.counts(from: threshold) }
        if count > 0 { return .thresholdMet(count, threshold.rawValue) }
        // A gate that saw only a part, or knew of no advisories, must not open.
        if completeness.advisories == nil {
            return .incomplete("--fail-on needs advisories", hint: "Get some: pratique advisory import")
        }
        guard !completeness.isInventoryComplete else { return nil }
        return .incomplete("--fail-on cannot be answered: \(ReportGate.reason(completeness))")
    }

    private static func reason(_ completeness: ReportCompleteness) -> String {
        if let layer = completeness.incompleteLayers.first {
            let others = completeness.incompleteLayers.count - 1
            return "layer \(layer.index): \(layer.reason)" + (others > 0 ? ", and \(others) more" : "")
        }
        if let reason = completeness.incompleteMerge { return reason }
        if let file = completeness.unreadable.first {
            let others = completeness.unreadable.count - 1
            return "\(file.path) cannot be read: \(file.reason)" + (others > 0 ? ", and \(others) more" : "")
        }
        return "\(completeness.layersDone) of \(completeness.layersTotal) layers were read"
    }
}

extension Severity {
    /// Whether a finding of this severity is as bad as `threshold`, or may be: of an unknown one nobody has said that it is less than
    /// negligible, so that with the lowest threshold everything counts.
    func counts(from threshold: Severity) -> Bool {
        self >= threshold || (self == .unknown && threshold == .negligible)
    }
}
