"""Function words by language, in the match form: they carry no topic.

Short lists of our own: pronouns, prepositions, conjunctions, particles, the forms of "to
be" and "to have", the verbs of reporting ("said", "bildirib"), and words that every
article has whatever it is about ("year", "day"). Left in are numbers from four on and all
that names something. Azerbaijani has its list in each of its three alphabets.

They stand in the match form, and beneath the module that makes it, so that telling a
language can go by them too; a test holds them to the form.
"""

from collections.abc import Mapping

_LISTED = {
    "az": """
        altinda amma ancaq arasinda artiq axi az barede basqa bele belelikle belke beri
        bezi bildirdi bildirib bildirilib bildirilir bildirir bir birlikde biz bizden bize
        bizim bu buna bundan bunlar bunlardan bunu bunun bura burada butun ci cox cu
        cumleden cunki da daha de dek deyib deyil diger dir dogru dur eden edib edildi
        edildiyi edilib edilir edilmis edilmisdir edir edirler eger elbette ele elece
        elelxusus en esasen etdi etmek etmisdir evvel eyni gore gun habele hal hami hamisi
        hansi hansidir haqqinda hara harada haraya hazirda hec hecbir hele hem hemcinin
        hemin her hetta icinde idi iki il ilde ile ilin ilk imis indi indiki ise ister ki
        kim kime kimi kimin lakin lap mehz men menden mene menim mi mu ne nece nedir
        nehayet neyi neyin niye o olacaq olan olaraq oldu oldugu oldugunu olmus olmusdur
        olsun olub olublar olunmusdur olunub olunur olur ona ondan onlar onlara onlardan
        onlarin onu onun ora orada oz ozu qarsi qeder qeyd sen senden senin siz sizden
        sizin son sonra tekce teki terefinden uc ucun uzerinde uzre uzunden var vaxt ve ya
        yalniz yaninda yaxud yene yeni yox zaman zamanda
        eввeл eн eҝeр аз алтында амма анҹаг арасында артыг бeзи бeри барeдe башга белe биз
        бизe бизим билдириб бир бу буна бунлар буну бунун бүтүн вe вар вахт гeдeр гаршы
        гејд дe дeк да даһа дејиб дејил дир диҝeр доғру дур дыр дүр едeн едиб едилиб
        едилир едилмиш едир елe елeҹe етди етмeк заман иди ики ил илe илдe илин илк имиш
        инди исe ичиндe ки ким кими лакин мeн мeнe мeним ми му мы мү нe неҹe нијe о олан
        олараг олаҹаг олду олмуш олсун олуб олунуб олунур олур она онлар онлара онларын
        ону онун сeн сeнин сиз сизин сон сонра тeки тeрeфиндeн чох чүнки јeни ја јалныз
        јанында јахуд јенe јох ҝүн ҝөрe үзeриндe үзрe үч үчүн ҹи ҹу ҹы ҹү һeлe һeм
        һeмчинин һeр һабелe һаггында һансы һеч өз өзү
        اراسیندا ارتیق از اما ان انجاق او اوز اوزره اوزو اوستونده اول اولاجاق اولاراق
        اولان اولدو اولوب اولور اونا اونلار اونلارین اونو اونون اوچون اگر ایتدی ایتمک ایدن
        ایدی ایدیب ایدیر ایسه ایله ایمیش ایندی ایچینده بارده باشقا بعضی بو بوتون بونا
        بونلار بونو بونون بیر بیز بیزه بیزیم بیله حاقیندا دا دان داها دن ده دیگر دیییل سن
        سنین سونرا سیز سیزین شو طرفیندن قارشی قدر لاکین من منه منیم نه نیجه نییه هانسی هر
        هم هیچ و وار چوخ چونکی کی کیم کیمی گوره یا یاخود یالنیز یوخ
    """,
    "tr": """
        aldi altinda ama ancak arasinda artik ayni ayrica az bana baska bazi belirtti
        belki ben benim beri bile bir birlikte biz bize bizim boyle boylece bu buna bundan
        bunlar bunlardan bunu bunun burada buraya butun cok cunku da daha de dedi degil
        diger dir diye dogru dolayi eden edildi edilen ediyor ediyorlar eger en etmek
        etmesi etmis etti fakat gibi gore gun hakkinda hala hangi hatta hem hep hepsi her
        herkes hic icin icinde idi iki ile ilk imis ise itibaren kadar karsi kendi
        kendilerine kendisi ki kim kime kimin mi mu nasil ne neden nerede nereye neyi
        nicin o olacak olan olarak oldu oldugu oldugundan oldugunu oldular olmak olmasi
        olmasini olsun olup olur ona once ondan onlar onlardan onlarin onu onun orada
        oraya oyle ragmen sadece sekilde sen senin sey simdi siz sizin son sonra soyledi
        su tarafinda tarafindan tum uc uzere uzerinde var ve veya ya yahut yalniz yani
        yaninda yer yil yilinda yine yok zaman zaten
    """,
    "ru": """
        а без более будет будут будучи бы был была были было быть в вам вами вас ваш ваша
        вашего ваши ведь весь во вот время все всего всех вся вы где год года году да даже
        два для до должен должны другие другой его ее ей ему если есть еще же за заявил
        заявила здесь и из из-за или им именно ими их к как какая какие каким каких какой
        кем ко когда кого кому которая которого которое которой котором которому которые
        который которым которыми которых кто куда лет ли лишь между менее меня мне могут
        моего может можно мои мой моя мы на над нам нами нас наш наша нашего нашей наши не
        него нее ней нему нет ни ними них но ну о об один около он она они оно от откуда
        отметил отметила очень перед по под пока после потому почему поэтому при про
        против раз с сам сама сами само самый своего своей свои своих свой своя себе себя
        сегодня сказал сказала со собой сообщает сообщили стал стала стали стало та так
        также там те тем теми тех то того тоже той только том тому тот три ту тут ты у уже
        хотя чего чем через что чтобы эта эти этим этими это этого этой этом этот эту я
        является являются
    """,
    "uk": """
        а аби або адже але без би бо був буде будуть була були було бути більш більше біля
        в вам вами вас ваш ваша ваші весь вже ви вона вони воно все всього вся всі всіх
        всієї від він два дві де для до дуже ж же з за зазначив зазначила замість заявив
        заявила звідки згідно зо зокрема зі й його йому ким кого коли кому крім куди лише
        мають має мене менш менше мені ми мною мов може можна можуть моя мої між мій на
        навіть над нам нами нас наш наша нашого нашої наші не нема немає нею неї ним ними
        нього ні ніби о об один одна одне отже перед по повідомив повідомляє поки при про
        проти під після раз роки року років рік сам сама саме самий самі свого своя своє
        своєї свої своїм своїми своїх свій себе серед сказав сказала собою собі сьогодні
        сюди та так також там те тебе теж ти тим тими тих тобі того тож той тому треба три
        туди тут ті тільки тієї у увесь усе усі усіх хоча хто це цей цим цими цих цього
        цьому ця ці цієї час через чи чим чого чому ще що щоб щодо я як яка яке який яким
        якими яких якого якому якої якщо які якій є і із інша інший інших інші їй їм їх її
    """,
    "en": """
        a about above after again against all also although amid among an and any are
        aren't as at be because been before being below between both but by can can't
        cannot could couldn't did didn't do does doesn't doing don't during each either
        ever few for from further had hadn't has hasn't have haven't having he he's her
        here hers herself him himself his how however i i'll i'm i've if in into is isn't
        it it's its itself just let's many may me might more most much must my myself
        neither never no nor not now of off on once one only onto or other our ours
        ourselves out over own per s said same says shall she she's should shouldn't since
        so some still such t than that that's the their them themselves then there there's
        these they they'll they're they've this those though three through to too toward
        towards two under until upon us very via was wasn't we we'll we're we've were
        weren't what what's when where whether which while who who's whom whose why will
        with within without won't would wouldn't yet you you're you've your yourself
    """,
    "de": """
        ab aber alle allem allen aller alles als also am an ans auch auf aufs aus
        ausserdem bei beim bereits bis da dabei dafur daher damit danach dann darauf das
        dass davon dazu dein dem den denen denn der deren des deshalb dessen dich die
        diese diesem diesen dieser dieses dir doch dort du durch durfen ebenfalls ein eine
        einem einen einer eines er es etwa etwas euch euer eure fur gegen haben hat hatte
        hatten her hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer
        in innerhalb ins ist ja jede jeder jedes jedoch jener kann kein keine keinen
        konnen konnte laut mag mal man mehr mein mich mir mit mochte muss mussen nach
        neben nicht noch nun nur ob oder ohne rund schon sehr sein seine seinem seinen
        seiner seit selbst sich sie sind so soll sollen sollte sondern sowie trotz uber um
        und uns unser unter vom von vor wahrend wann war ware waren warum was wegen weil
        welche welcher welches wenn wer werden wie wieder will wir wird wo wollen worden
        wurde wurden zu zudem zum zur zwischen
    """,
    "fr": """
        a afin ainsi alors apres au aucun aucune aujourd'hui aussi autre autres aux
        avaient avait avant avec avoir ayant beaucoup bien c ca car ce cela celle celui
        certaines certains ces cet cette ceux chaque chez comme contre d dans de deja
        demain depuis des deux devrait doit doivent donc dont du elle elles en encore
        entre est et etaient etait etant ete etre eu eux faire fait furent fut hier hors
        ici il ils j jamais je jusqu jusque l la le les leur leurs lors lorsqu lorsque lui
        m ma mais malgre me meme memes mes mien moins mon n ne ni nos notre nous on ont or
        ou par parce pas pendant personne peu peut peuvent plus plusieurs pour pourrait
        puis puisqu puisque qu quand que quel quelle quelles quelque quelques quels qui
        quoi rien s sa sans se selon sera seraient serait seront ses si sien son sont sous
        sur t ta tandis tant te tes tien ton toujours tous tout toute toutes tres trop tu
        un une vers voici voila vos votre vous y
    """,
    "es": """
        a ademas ahora al algo algun alguna algunas alguno algunos alli ambos ante antes
        aquel aquella aqui asi aun aunque ayer bajo bien cada como con contra cual cuales
        cualquier cuando cuya cuyas cuyo cuyos de debe deben del demas desde despues dijo
        donde dos durante e el ella ellas ello ellos en entre era eran es esa esas ese eso
        esos esta estaba estan estar estas este esto estos excepto fue fueron ha haber
        habia habian hace hacer hacia han hasta hay he hemos hoy incluso la las le les lo
        los luego mas me mediante menos mi mia mientras mio misma mismo mucho muchos muy
        nada ni ningun ninguna no nos nuestra nuestras nuestro nuestros nunca o otra otras
        otro otros para pero poco podria por porque puede pueden pues que quien quienes
        salvo se segun ser sera seran seria si sido siempre siendo sin sino sobre solo son
        su sus suya suyo tal tales tambien tampoco tan tanto te tener tiene tienen toda
        todas todavia todo todos tras tres tu tuya tuyo u un una unas uno unos usted
        vuestro y ya yo
    """,
    "fa": """
        از است استکه اش البته ام اما امروز ان انان انجا اند انها انچه انکه او اکنون اگر ای
        ایا ایشان این اینجا اینها اینکه با باشد باشند بالا باید بدون بر برای بسیار بعد
        بلکه به بود بودم بودند بوده بیش بیشتر بین تا تنها تو توان تواند توسط حال حتی خواهد
        خواهند خود خیلی دارای دارد دارند داشت داشته در درباره دو دیگر را روز روی زمانی زیر
        زیرا سال سه سوی سپس شان شد شدن شدند شده شدهاست شدهاند شما شود شوند ضمن طی علیه فقط
        قبل لذا ما مانند من مورد مگر می میان میباشد میدارد میشود میشوند میکند میکنند
        میگوید نبود نزد نمی نه نیز نیست ها های هر هرگز هست هستند هم همان همه همواره همچنین
        همین هنوز هنگام هیچ و وقتی ولی وی پس پیش چرا چقدر چنان چنین چه چون چگونه کجا کدام
        کرد کردن کردند کرده کردهاند کمتر کند کنند که گفت گفتند گفته گوید یا یعنی یک یکی
    """,
    "ar": """
        اثناء اذ اذا اشار اشارت اضاف الان التی الذی الذین اللتان اللذان اللذین اللواتی الی
        الیه الیها الیهم الیوم ام امام امس ان انا انت انه انها انهم انهما او اوضح اکد اکدت
        ای ایاه ایضا این ب بان بعد بعض بل به بها بهم بهما بین تحت تلک تم تکون ثم جمیع حتی
        حوالی حول حیث حین خلال خلف دون ذات ذلک ذو رغم سنه سوف سوی ضد عام عبر علی علیه
        علیها علیهم عن عند عندما عنه عنها عنهم غدا غیر فقط فوق فی فیه فیها قال قالت قبل قد
        ل لا لان لانه لدی لدیه لدیها لذلک لقد لم لماذا لن له لها لهم لو لکن لکنه لیس لیست
        ما ماذا متی مثل مع من منذ منه منها منهم منهما نحن نحو نفسه نفسها هذا هذه هل هم هما
        هنا هناک هو هولاء هی و واضاف واضافت والتی والذی والی وان واکد وبعد وبین وذلک وسط
        وعلی وعن وفی وقال وقد ولا ولم ولن وما ومن وهذا وهذه وهو وهی وکان وکانت ک کان کانت
        کانوا کذلک کل کلا کما کیف یتم یوم یکون
    """,
    "ka": """
        აგრეთვე ამ ამას ამით ამის ამისთვის ან ანუ არ არა არის ასე ასევე ასეთი აქ აქვს
        აღნიშნა ახლა ბევრი გამო განაცხადა და დროს დღეს ეგ ერთ ერთი ეს ვერ ვინ ვის თავის
        თავისი თვითონ თითოეული თუ თუმცა თქვა თქვენ თქვენი იგი იმ იმას იმის ის ისე ისეთი
        ისინი იქ იქნება იყვნენ იყო კარგად კი კიდევ მაგრამ მათ მათთვის მათი მან მას მასში
        მაშინ მე მეტი მიერ მიმართ მისთვის მისი მიუხედავად მხოლოდ ნაკლები ნუ ორი რა რადგან
        რათა რამდენიმე რას რატომ რის როგორ როდესაც როდის რომ რომელთა რომელი რომელიც
        რომელმაც რომელსაც რომლებიც რომლის როცა სად სამი სანამ სხვა უკვე უნდა უფრო ყველა
        ყველაზე ყოველი შეიძლება შემდეგ შენ შენი შესახებ შორის ჩემი ჩვენ ჩვენი ძალიან წელს
        წინ წლების წლის ხნის ხოლო ჯერ ჰქონდა
    """,
}

#: By ISO 639-1 code.
STOP_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _LISTED.items()
}
