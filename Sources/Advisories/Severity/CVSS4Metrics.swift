/// CVSS 4.0. Source: CVSS 4.0 specification, sections 2 to 4 and 8.
enum CVSS4Metrics: CVSSMetrics {
    private static let impact: [Substring] = ["H", "L", "N"]
    private static let requirement: [Substring] = ["X", "H", "M", "L"]
    static let base: [Substring: [Substring]] = [
        "AV": ["N", "A", "L", "P"], "AC": ["L", "H"], "AT": ["N", "P"], "PR": ["N", "L", "H"], "UI": ["N", "P", "A"],
        "VC": impact, "VI": impact, "VA": impact, "SC": impact, "SI": impact, "SA": impact,
    ]
    static let optional: [Substring: [Substring]] = [
        "E": ["X", "A", "P", "U"], "CR": requirement, "IR": requirement, "AR": requirement,
        "MAV": ["X", "N", "A", "L", "P"], "MAC": ["X", "L", "H"], "MAT": ["X", "N", "P"], "MPR": ["X", "N", "L", "H"],
        "MUI": ["X", "N", "P", "A"], "MVC": ["X"] + impact, "MVI": ["X"] + impact, "MVA": ["X"] + impact,
        "MSC": ["X"] + impact, "MSI": ["X", "S"] + impact, "MSA": ["X", "S"] + impact, "S": ["X", "N", "P"],
        "AU": ["X", "N", "Y"], "R": ["X", "A", "U", "I"], "V": ["X", "D", "C"], "RE": ["X", "L", "M", "H"],
        "U": ["X", "Clear", "Green", "Amber", "Red"],
    ]

    /// Values of the scored metrics from the worst down; a distance is a number of steps in these lists.
    private static let levels: [Substring: [Substring]] = [
        "AV": ["N", "A", "L", "P"], "AC": ["L", "H"], "AT": ["N", "P"], "PR": ["N", "L", "H"], "UI": ["N", "P", "A"],
        "VC": impact, "VI": impact, "VA": impact, "SC": ["S"] + impact, "SI": ["S"] + impact, "SA": ["S"] + impact,
        "CR": ["H", "M", "L"], "IR": ["H", "M", "L"], "AR": ["H", "M", "L"], "E": ["A", "P", "U"],
    ]

    /// The score of a vector with all metrics that it has.
    static func score(_ values: [Substring: Substring]) -> Double {
        /// The step of a metric: the modified value where there is one, the worst where nothing is defined.
        func step(_ metric: Substring) -> Int {
            var value = values[metric]
            if let modified = values["M" + metric], modified != "X" { value = modified }
            guard let value, value != "X", let step = levels[metric]?.firstIndex(of: value) else { return 0 }
            return step
        }
        let system = [step("VC"), step("VI"), step("VA")]
        let subsequent = [step("SC"), step("SI"), step("SA")]
        // The last step of each impact is none: 2 of three, 3 of four.
        if system == [2, 2, 2], subsequent == [3, 3, 3] { return 0 }
        let set = CVSS4MacroVector(
            exploitability: [step("AV"), step("PR"), step("UI")],
            complexity: [step("AC"), step("AT")],
            system: system,
            requirements: [step("CR"), step("IR"), step("AR")],
            subsequent: subsequent,
            exploit: step("E")
        )
        return set.score
    }
}
