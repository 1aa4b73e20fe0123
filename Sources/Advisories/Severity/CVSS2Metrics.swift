/// CVSS 2. Source: first.org/cvss/v2/guide, section 3.2.1.
enum CVSS2Metrics: CVSSMetrics {
    static let base: [Substring: [Substring]] = [
        "AV": ["L", "A", "N"], "AC": ["H", "M", "L"], "Au": ["M", "S", "N"], "C": ["N", "P", "C"],
        "I": ["N", "P", "C"],
        "A": ["N", "P", "C"],
    ]
    static let optional: [Substring: [Substring]] = [
        "E": ["U", "POC", "F", "H", "ND"], "RL": ["OF", "TF", "W", "U", "ND"], "RC": ["UC", "UR", "C", "ND"],
        "CDP": ["N", "L", "LM", "MH", "H", "ND"], "TD": ["N", "L", "M", "H", "ND"], "CR": ["L", "M", "H", "ND"],
        "IR": ["L", "M", "H", "ND"], "AR": ["L", "M", "H", "ND"],
    ]

    private static let accessVector: [Substring: Double] = ["L": 0.395, "A": 0.646, "N": 1]
    private static let accessComplexity: [Substring: Double] = ["H": 0.35, "M": 0.61, "L": 0.71]
    private static let authentication: [Substring: Double] = ["M": 0.45, "S": 0.56, "N": 0.704]
    private static let impacts: [Substring: Double] = ["N": 0, "P": 0.275, "C": 0.66]

    /// The base score.
    static func score(_ values: [Substring: Substring]) -> Double? {
        func weight(_ metric: Substring, _ weights: [Substring: Double]) -> Double? {
            values[metric].flatMap { weights[$0] }
        }
        guard let vector = weight("AV", accessVector), let complexity = weight("AC", accessComplexity),
            let authentication = weight("Au", authentication), let confidentiality = weight("C", impacts),
            let integrity = weight("I", impacts), let availability = weight("A", impacts)
        else {
            return nil
        }
        let impact = 10.41 * (1 - (1 - confidentiality) * (1 - integrity) * (1 - availability))
        let exploitability = 20 * vector * complexity * authentication
        guard impact > 0 else { return 0 }
        let score = (0.6 * impact + 0.4 * exploitability - 1.5) * 1.176
        return (score * 10).rounded() / 10
    }
}
