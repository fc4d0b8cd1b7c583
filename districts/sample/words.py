"""Words to make people, schools and places of. Names come in every script that a district's rosters hold."""

GIVEN = (
    *("Ava", "Liam", "Zoë", "Noah", "Amara", "Mateo", "Priya", "Elijah", "Ximena", "Jamal", "Siobhán", "Diego"),
    *("Aaliyah", "Owen", "Mei", "Lucas", "Nia", "Ethan", "Leilani", "Kai", "Sofía", "Tariq", "Ingrid", "Malik"),
    *("Yuki", "Caleb", "Fatima", "Isaac", "Chloe", "Ravi", "Dakota", "Hana", "Marisol", "Theo", "Imani", "Jonas"),
    *("Nayeli", "Samuel", "Thảo", "Gabriel", "Keoni", "Ruth", "Oluwaseun", "Micah", "Anneliese", "Ezra", "Paloma"),
)
FAMILY = (
    *("Johnson", "García", "O'Brien", "Nguyễn", "Smith-Jones", "Patel", "Kealoha", "Begay", "Okafor", "Rodríguez"),
    *("Kim", "Müller", "Washington", "Ivanov", "D'Angelo", "Hernández", "Chen", "Abdullahi", "St. Clair", "Yazzie"),
    *("Castro", "Lindgren", "Brown", "Santos", "Nakamura", "Fernández", "Williams", "Tuiasosopo", "Cruz", "Haile"),
    *("Ortega", "McAllister", "van der Berg", "Jackson", "Reyes", "Thompson", "Singh", "Ñáñez", "Taitano", "Moreau"),
)
UNUSUAL = (
    ("李", "明"),
    ("محمد", "الأحمد"),
    ("שירה", "כהן"),
    ("Ольга", "Кузнецова"),
    ("さくら", "田中"),
    ("ปลา", "วงศ์ไทย"),
    ("प्रिया", "शर्मा"),
    ("Null", "True"),
    ("Robin 🌻", "Skye"),
    ("Zoe\u0308", "Bru\u0308nner"),
    ("Keihanaikukauakahihuliheekahaunaele", "Kalanikapumanuolaokamanawa" * 4),
    ("=Max", "<b>Stone</b>"),
)
PLACES = (
    *("Alder", "Birch Creek", "Copper Hill", "Dogwood", "Eagle Rock", "Fern Valley", "Granite", "Heron Lake"),
    *("Ironwood", "Jefferson", "King", "Larkspur", "Mesa Verde", "Northside", "Orchard", "Pioneer", "Quail Run"),
    *("Riverbend", "Sycamore", "Tamarack", "Union", "Vista", "Willow Glen", "Yarrow", "Zinnia", "Cesar Chavez"),
    *("Rosa Parks", "Whispering Pines", "Redwood", "Sagebrush"),
)
LESSONS = (
    *("Equal Groups", "Place Value to 1,000", "Fractions on a Line", "Area of Rectangles", "Ratios in Tables"),
    *("Adding within 20", "Integers", "Slope", "Angles", "Two-Step Equations", "Decimals", "Mean and Median"),
    *("Comparing Numbers", "Halves and Fourths", "Rates", "Functions", "Volume", "Congruence", "Time to 5 Minutes"),
)
CUSTOM = (("summer-bridge", "Summer Bridge"), ("test-prep", "State Test Practice"), ("fluency", "Fluency First"))
