/// CVSS 3.0 and 3.1, which differ in how they round only. Source: CVSS 3.1 specification, sections 7 and 8.
enum CVSS3Metrics: CVSSMetrics {
    static let base: [Substring: [Substring]] = [
        "AV": ["N", "A", "L", "P"], "AC": ["L", "H"], "PR": ["N", "L", "H"], "UI": ["N", "R"], "S": ["U", "C"],
        "C": ["H", "L", "N"], "I": ["H", "L", "N"], "A": ["H", "L", "N"],
    ]
    static let optional: [Substring: [Substring]] = [
        "E": ["X", "H", "F", "P", "U"], "RL": ["X", "U", "W", "T", "O"], "RC": ["X", "C", "R", "U"],
        "CR": ["X", "H", "M", "L"], "IR": ["X", "H", "M", "L"], "AR": ["X", "H", "M", "L"],
        "MAV": ["X", "N", "A", "L", "P"], "MAC": ["X", "L", "H"], "MPR": ["X", "N", "L", "H"], "MUI": ["X", "N", "R"],
        "MS": ["X", "U", "C"], "MC": ["X", "H", "L", "N"], "MI": ["X", "H", "L", "N"], "MA": ["X", "H", "L", "N"],
    ]

    private static let attackVector: [Substring: Double] = ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2]
    private static let attackComplexity: [Substring: Double] = ["L": 0.77, "H": 0.44]
    private static let privileges: [Substring: Double] = ["N": 0.85, "L": 0.62, "H": 0.27]
    private static let privilegesInChangedScope: [Substring: Double] = ["N": 0.85, "L": 0.68, "H": 0.5]
    private static let userInteraction: [Substring: Double] = ["N": 0.85, "R": 0.62]
    private static let impacts: [Substring: Double] = ["H": 0.56, "L": 0.22, "N": 0]

    /// The base score.
    static func score(_ values: [Substring: Substring]) -> Double? {
        func weight(_ metric: Substring, _ weights: [Substring: Double]) -> Double? {
            values[metric].flatMap { weights[$0] }
        }
        let isChanged = values["S"] == "C"
        guard let vector = weight("AV", attackVector), let complexity = weight("AC", attackComplexity),
            let privileges = weight("PR", isChanged ? privilegesInChangedScope : privileges),
            let interaction = weight("UI", userInteraction), let confidentiality = weight("C", impacts),
            let integrity = weight("I", impacts), let availability = weight("A", impacts)
        else {
            return nil
        }
        let base = 1 - (1 - confidentiality) * (1 - integrity) * (1 - availability)
        let impact = isChanged ? 7.52 * (base - 0.029) - 3.25 * power15(base - 0.02) : 6.42 * base
        guard impact > 0 else { return 0 }
        let exploitability = 8.22 * vector * complexity * privileges * interaction
        return roundedUp(min((impact + exploitability) * (isChanged ? 1.08 : 1), 10))
    }

    private static func power15(_ value: Double) -> Double {
        let cube = value * value * value
        return cube * cube * cube * cube * cube
    }

    /// Up to one decimal, by the rule of 3.1, which undoes what binary fractions add; 3.0 means the same.
    private static func roundedUp(_ value: Double) -> Double {
        let scaled = Int((value * 100_000).rounded())
        return Double(scaled % 10_000 == 0 ? scaled / 10_000 : scaled / 10_000 + 1) / 10
    }
}
